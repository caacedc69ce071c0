// Package web shows the exporter's state to people: the page at /, in Chinese and
// English. It shows one answer and knows no other way of showing it.
package web
