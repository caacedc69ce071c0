// Package arch holds the rules by which the packages of the module hang
// together, and its tests hold the module against them: which package may
// import which, what each must not know, and what no source file may do.
//
// A new package needs a row in the table of layers before the tests pass.
package arch
