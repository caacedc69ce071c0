// Package nats is the source of messages: a durable consumer of a NATS JetStream
// stream that hands on what it is sent and acknowledges a message only after it
// was taken. What is in the messages it does not know.
//
// Every message is taken at least once. It comes again when its acknowledgement
// is lost, when whoever took it failed or fell silent, and when the consumer was
// deleted and is made anew; whoever takes messages must not mind. They come in
// the order of the stream as far as JetStream keeps it: what was refused comes
// again before what is newer, but instances that share a durable consumer share
// its messages, and each sees only its own in order.
//
// How much a message is worth before it is here is the stream's affair. JetStream
// tells a publisher that a message is stored before it is on the disk: unless the
// server is set to "sync_interval: always" (from 2.10 on) it flushes every two
// minutes, and a machine that loses power loses what was confirmed since then.
// A publisher that sends again should set the header Nats-Msg-Id, by which the
// server drops repeats. The stream must exist; the consumer is made when it is
// missing.
package nats
