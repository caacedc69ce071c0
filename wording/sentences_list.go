package wording

// listSentences are those of the pages that list: events, records, plans, the
// quality of the data, and what is going on.
var listSentences = map[string]phrase{}
