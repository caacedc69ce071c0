// Package push is the HTTP door through which others write: events by POST to
// /api/v1/events, customers by POST to /api/v1/base. It knows HTTP, who may
// write, and limits. What is in a body, where it is kept and what is counted it
// does not know: it hands the body on to a function and shows the answer.
//
// Nothing is acknowledged before that function has returned without an error,
// and only a body that came whole is. Whoever sends slowly, too much, or nothing
// at all holds neither a place nor a connection for longer than [Limits] says.
// What goes wrong is answered in JSON with a code and what to do about it.
package push
