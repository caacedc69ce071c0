// Package wording is the one catalogue of words in which answers are shown, in
// Chinese and English. Codes of closed lists (verdicts, reasons, natures, what
// is wrong with rows) are worded by kind and code, sentences by a key.
package wording
