package ingest

import "strings"

// nearest is the known word that fewest changes of a letter make of word, empty
// where more than half of it would change; of equals the first.
func nearest(word string, known []string) string {
	best, bestDistance := "", max(2, len([]rune(word))/2)+1
	for _, k := range known {
		if d := distance([]rune(strings.ToLower(word)), []rune(strings.ToLower(k))); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// longestCompared bounds the words that are compared, in letters.
const longestCompared = 80

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
