// Package folder is the source of files: it lists what lies at configured
// places, files, folders and patterns, leaves alone what is still being written,
// and tells when something changes. What is in the files it does not know.
package folder
