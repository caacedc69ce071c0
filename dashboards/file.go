package dashboards

// A File is one of the files that the program ships.
type File struct {
	Path string // below the folder into which it is exported, with slashes
	Data []byte
}
