// Package postgres is the source of rows that a PostgreSQL server holds: it asks
// a query again and again for what is new by a watermark, a column that grows
// whenever a row is written, and hands the rows on in pages. What they mean it
// does not know.
//
// The query is the user's and plain: a SELECT without parameters, order or limit,
// whose result has the watermark among its columns. What compares, orders and
// pages is put around it:
//
//	SELECT … FROM (<query>) AS q WHERE q.changed_at >= $1 ORDER BY q.changed_at
//
// A comparison or an order that is wrong by one sign loses rows in silence, so it
// is not the user's to write, and since the bound is a parameter no query is ever
// put together from values. PostgreSQL takes such a query apart again, so an
// index on the column is used as if the condition stood inside.
//
// How no row is lost:
//
//   - A look reads the query through a cursor in one read-only transaction, so
//     rows with equal watermarks may cross the edge of a page, however many.
//   - Each look begins at the position less the overlap, inclusive: rows that
//     were committed late, or in the same tick of the clock, are met then. Rows of
//     that window that were handed on as they are, are known by their digests and
//     left out; after a restart they come once more. A transaction that writes for
//     longer than the overlap, or a number taken longer ago, is not met.
//   - The position never passes the server's clock, so a row with a stamp in the
//     future does not hide those that come before it.
//   - A watermark that is NULL stops the source until it is mended, because no
//     comparison ever finds such a row.
//
// The source never writes, and a user of the server who may only SELECT what the
// query reads makes sure of it.
//
// What a watermark cannot tell is a row that was deleted, or changed without a
// new watermark before the overlap: mark such rows as cancelled, and set the
// column whenever one is written.
package postgres
