package app

import (
	"github.com/saidi-exporter/saidi/web"
)

// site is what pages and the API ask.
func (a *App) site() *web.Site {
	return &web.Site{Status: func() *web.Status { return a.state.Load().status }}
}
