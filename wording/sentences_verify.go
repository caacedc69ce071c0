package wording

// verifySentences are those of the verification of a report.
var verifySentences = map[string]phrase{}
