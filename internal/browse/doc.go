// Package browse tests the pages in a real browser: Debian's Chromium is driven
// over its own protocol, and looks at the program as a person would, in Chinese and
// English, light and dark, on a phone and on a wide screen, with a keyboard, and
// with the rules of accessibility of axe-core. The report that is handed in is
// printed by the same browser, and its workbook is opened by LibreOffice.
//
// The tests start these programs and the exporter on free ports of the loopback and
// end them. As that takes a minute or two they run only where SAIDI_E2E is 1, as
// make e2e-pages sets it. A program that is missing is a failure that names its
// Debian package; axe-core comes from npm, at the version that package-lock.json
// holds. Two variables are read beside it: SAIDI_PICTURES, a folder that pictures of
// every page go to, and SAIDI_BENCH_PAGES, which, if it is 1, has the first paint
// measured with a million outages behind it.
package browse
