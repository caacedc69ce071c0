// Package spelling finds the word that somebody meant.
package spelling

import "strings"

// longestCompared bounds the words that are compared, in letters; what is
// beyond says nothing of what was meant.
const longestCompared = 80

// Nearest is the known word that takes the fewest single-letter changes
// (Levenshtein distance, without regard to case) to reach from word, the first
// of equals; empty where nothing is known.
func Nearest(word string, known []string) string {
	letters := []rune(strings.ToLower(word))
	best, least := "", -1
	for _, k := range known {
		if d := distance(letters, []rune(strings.ToLower(k))); least < 0 || d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance.
func distance(a, b []rune) int {
	a, b = a[:min(len(a), longestCompared)], b[:min(len(b), longestCompared)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
