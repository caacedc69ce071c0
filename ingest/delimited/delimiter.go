package delimited

// Delimiters are the bytes that Delimiter considers, the likelier ones first.
const Delimiters = ",;\t|"

// headLines is how many lines at the front of a text are looked at; a few of
// them may be titles.
const headLines = 40

// Delimiter guesses what tells the fields of a text apart from the text's first
// lines: the byte that cuts most lines, outside quotes, into equally many and
// most fields. A text without any has one column, and the answer is a comma.
func Delimiter(head []byte) byte {
	best, bestScore := byte(','), 0
	for i := range len(Delimiters) {
		if score := regularity(head, Delimiters[i]); score > bestScore {
			best, bestScore = Delimiters[i], score
		}
	}
	return best
}

// regularity is the largest product of a number of delimiters and, squared, the
// number of lines that hold so many: that lines agree says more than that one of
// them holds many.
func regularity(head []byte, comma byte) int {
	lines := map[int]int{}
	count, seen, quoted := 0, 0, false
	for _, c := range head {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == comma:
			count++
		case c == '\n' || c == '\r':
			lines[count]++
			count = 0
			seen++
		}
		if seen == 2*headLines {
			break
		}
	}
	lines[count]++
	score := 0
	for n, times := range lines {
		score = max(score, n*times*times)
	}
	return score
}
