// Package chaos kills the exporter with SIGKILL again and again while it is told
// events by HTTP, NATS, PostgreSQL and files at once, and holds what it says
// after each restart against a model that knows only what was acknowledged.
//
// The order of a run:
//
//   - An author makes up events of a province: new ones, corrections that move
//     an event to another feeder or change its times and customers, cancellations,
//     exact copies, and lower revisions that arrive late.
//   - Producers tell them: pushes that are sent again until they are acknowledged,
//     messages that count once the server has them, rows that count once they are
//     committed, files that count once they are renamed into place. They also
//     send what must never count: bodies that break off, strict pushes that are
//     refused, transactions that are rolled back, rows that cannot be.
//   - The exporter is killed: in a burst, while it starts, in quick succession,
//     while it writes a segment, right after it acknowledged something.
//   - Once it stays up, every receipt is still good, the sequences have neither
//     holes nor repeats, and, when what is in flight has arrived, the report is
//     that of the model, to the last customer-second and row.
//   - At the end `saidi store verify` finds nothing, and `saidi report` gives the
//     same: from one file of all records, and from the store as known before.
//
// The model is plain arithmetic over the highest revision of each event. Events
// of one feeder do not overlap, so that no rule of counting matters; in two areas
// they do, and there the report of one file of all records is the measure.
//
// It runs where SAIDI_CHAOS gives the number of kills, as make chaos sets it.
// SAIDI_CHAOS_TIME bounds the time, SAIDI_CHAOS_SEED repeats the choices of a run,
// although not what the machine makes of them.
package chaos
