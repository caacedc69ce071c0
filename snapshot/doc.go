// Package snapshot is one immutable answer with its provenance: what was
// counted, from which files, under which policy, up to which instant. Its JSON
// is the contract of `saidi report --format json` and of the API; names in it
// stay as they are, more may join. An index that does not exist is null, never
// 0 or NaN.
package snapshot
