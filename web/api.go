package web

import "net/http"

func (s *Site) serveHTML(w http.ResponseWriter, r *http.Request)     { http.NotFound(w, r) }
func (s *Site) serveWorkbook(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }
func (s *Site) serveEvents(w http.ResponseWriter, r *http.Request)   { http.NotFound(w, r) }
func (s *Site) serveRecord(w http.ResponseWriter, r *http.Request)   { http.NotFound(w, r) }
func (s *Site) serveFeeders(w http.ResponseWriter, r *http.Request)  { http.NotFound(w, r) }
func (s *Site) serveCurve(w http.ResponseWriter, r *http.Request)    { http.NotFound(w, r) }
func (s *Site) serveRejected(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }
func (s *Site) serveLive(w http.ResponseWriter, r *http.Request)     { http.NotFound(w, r) }
func (s *Site) serveStream(w http.ResponseWriter, r *http.Request)   { http.NotFound(w, r) }
