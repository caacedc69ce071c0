package browse

import "testing"

func testPaper(t *testing.T, s *station)  {}
func testOffice(t *testing.T, s *station) {}
func testPaint(t *testing.T, s *station)  {}
