package browse

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"github.com/saidi-exporter/saidi/wording"
)

// The charts of an area are drawn: with scripts as pictures that answer to the
// pointer, without as drawings of the server, which say the same in words.
func testCharts(t *testing.T, s *station) {
	s.inEach(t, func(t *testing.T, x *tab, l wording.Language) {
		x.at(in(l, "/area/xining?class=urban"))
		for _, id := range []string{"curve-chart", "months-chart"} {
			x.until(answerTime, id+" is drawn", painted(id))
		}
		x.scheme("dark") // they are drawn again in other colours
		for _, id := range []string{"curve-chart", "months-chart"} {
			x.until(answerTime, id+" is drawn in the dark", painted(id))
		}
		x.checkAt("the charts in the dark")
		x.scheme("light")
		call(x, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		x.at(in(l, "/area/xining?class=urban"))
		checkDrawings(t, x, []string{"curve-chart", "months-chart"})
		x.at(in(l, "/"))
		if n := eval[int](x, `document.querySelectorAll(".map svg a path").length`); n < 8 {
			t.Errorf("without scripts the map has %d areas", n)
		}
		x.at(in(l, "/live"))
		if text := eval[string](x, `document.querySelector("noscript").innerText`); text == "" {
			t.Error("without scripts the page does not say that it stands still")
		}
	})
}

// painted says whether a figure has a canvas on which there is something, in more
// than one colour.
func painted(id string) string {
	return `(() => {
		const canvas = document.querySelector("#` + id + ` canvas");
		if (!canvas || !canvas.width || !canvas.height) return false;
		const copy = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
		copy.canvas.width = canvas.width;
		copy.canvas.height = canvas.height;
		copy.drawImage(canvas, 0, 0);
		const data = copy.getImageData(0, 0, canvas.width, canvas.height).data, colours = new Set();
		for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) colours.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
		return colours.size > 3;
	})()`
}

// checkDrawings holds that figures have a drawing that can be seen, with a name and
// with lines or bars in it.
func checkDrawings(t *testing.T, x *tab, ids []string) {
	t.Helper()
	for _, id := range ids {
		got := eval[struct {
			Width  float64 `json:"width"`
			Height float64 `json:"height"`
			Marks  int     `json:"marks"`
			Name   string  `json:"name"`
		}](x, `(() => {
			const svg = document.querySelector("#`+id+` svg");
			if (!svg) return {};
			const box = svg.getBoundingClientRect();
			return {width: box.width, height: box.height, marks: svg.querySelectorAll("path, rect, polyline").length, name: svg.querySelector("title")?.textContent ?? ""};
		})()`)
		if got.Width < 300 || got.Height < 100 || got.Marks < 3 || got.Name == "" {
			t.Errorf("%s without scripts is %+v", id, got)
		}
	}
}
