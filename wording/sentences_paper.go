package wording

// paperSentences are those of the report that is handed in, and of its
// verification.
var paperSentences = map[string]phrase{}
