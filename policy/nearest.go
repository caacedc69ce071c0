package policy

// longestWord is the number of letters of a word beyond which the rest says
// nothing of what was meant.
const longestWord = 64

// nearest gives the known word that takes the fewest single-letter changes to
// reach from word (Levenshtein distance), the first of several; empty where
// nothing is known.
func nearest(word string, known []string) string {
	letters := []rune(word)
	letters = letters[:min(len(letters), longestWord)]
	best, least := "", -1
	for _, k := range known {
		if d := distance(letters, []rune(k)); least < 0 || d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace to turn a into
// b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
