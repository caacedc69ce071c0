// Draws the charts of a page anew, so that values can be read off: over the drawing
// that the server sent, from the same data. Where anything fails the drawing stays.
(() => {
  "use strict";
  if (typeof echarts === "undefined") return;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue("--" + name).trim();
    return {
      text: of("chart-text"), quiet: of("chart-quiet"), grid: of("chart-grid"), ground: of("chart-ground"),
      value: of("chart-value"), prior: of("chart-prior"), barPrior: of("chart-bar-prior"), limit: of("chart-limit"), expected: of("chart-expected"),
    };
  };

  const frame = (data, c, font, width) => ({
    animation: !still.matches,
    textStyle: { fontFamily: font, color: c.text },
    aria: { enabled: true, label: { description: data.title + ". " + data.what } },
    grid: { left: 8, right: 16, top: width < 560 ? 92 : 60, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: c.text }, inactiveColor: c.quiet },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: c.ground, borderColor: c.quiet, textStyle: { color: c.text } },
    yAxis: { type: "value", min: 0, name: data.unit, nameTextStyle: { color: c.quiet, align: "left" }, axisLabel: { color: c.quiet }, splitLine: { lineStyle: { color: c.grid } } },
  });

  const number = (v, data) => (v == null ? "–" : v.toFixed(data.decimals).replace("-", "−"));
  const pad = (n) => String(n).padStart(2, "0");
  const day = (t) => { const d = new Date(t); return d.getUTCFullYear() + "-" + pad(d.getUTCMonth() + 1) + "-" + pad(d.getUTCDate()); };

  // A band is the area between two curves: the lower one, and what lies above it.
  const band = (b, c, n) => {
    const common = { type: "line", stack: "band" + n, stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, z: 1 };
    return [
      { ...common, name: b.label + " ", data: b.points.map((p) => [p[0], p[1]]), tooltip: { show: false } },
      { ...common, name: b.label, data: b.points.map((p) => [p[0], p[2] - p[1]]), areaStyle: { color: c.value, opacity: n ? 0.26 : 0.14 }, itemStyle: { color: c.value, opacity: n ? 0.45 : 0.2 } },
    ];
  };

  const dashes = { expected: [2, 4], middle: [5, 3], limit: [8, 4] };
  const curve = (x, c) => ({
    type: "line", name: x.label, symbol: "none", z: 3, data: x.points,
    color: c[x.style === "middle" ? "value" : x.style] || c.text,
    lineStyle: { width: x.style === "value" ? 2.5 : x.style === "prior" ? 1.2 : 1.8, type: dashes[x.style] || "solid" },
  });

  // read gives what a curve is at an instant between two of its points.
  const read = (points, at) => {
    const n = points.findIndex((p) => p[0] >= at);
    if (n < 0 || (n === 0 && points[0][0] > at)) return undefined;
    if (points[n][0] === at) return points[n];
    const a = points[n - 1], b = points[n], share = (at - a[0]) / (b[0] - a[0]);
    return a.map((v, k) => v + (b[k] - v) * share);
  };

  const lines = (data, c, font, width) => {
    const option = frame(data, c, font, width);
    option.legend.data = [...data.curves, ...(data.bands || [])].map((x) => (x.style === "inner" || x.style === "outer" ? { name: x.label, icon: "rect" } : { name: x.label }));
    const first = new Date(data.from);
    const months = data.labels.map((_, n) => Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + n, first.getUTCDate()));
    option.xAxis = {
      type: "time", min: data.from, max: data.to, axisLine: { lineStyle: { color: c.quiet } }, axisTick: { customValues: months },
      axisLabel: { color: c.quiet, hideOverlap: true, customValues: months, align: "left", formatter: (t) => data.labels[months.indexOf(t)] || "" },
    };
    option.useUTC = true;
    option.yAxis.max = (v) => Math.max(v.max, ...(data.marks || []).map((m) => m.value)) * 1.05;
    option.yAxis.axisLabel.showMaxLabel = false;
    option.tooltip.formatter = (items) => {
      const at = items[0].axisValue;
      const rows = [day(at)];
      for (const x of data.curves) { const p = read(x.points, at); if (p) rows.push(x.label + "  " + number(p[1], data)); }
      for (const b of data.bands || []) { const p = read(b.points, at); if (p) rows.push(b.label + "  " + number(p[1], data) + " – " + number(p[2], data)); }
      return rows.join("\n");
    };
    const marks = [...(data.marks || [])].sort((a, b) => b.value - a.value).map((m, n) => ({ yAxis: m.value, name: m.label, lineStyle: { color: c.limit, type: dashes.limit, width: 2 }, label: { formatter: m.label, color: c.limit, position: n % 2 ? "insideStartBottom" : "insideStartTop" } }));
    if (data.now) marks.push({ xAxis: data.now, lineStyle: { color: c.quiet, type: [2, 3] }, label: { formatter: data.now_label, color: c.quiet } });
    option.series = [...(data.bands || []).flatMap((b, n) => band(b, c, n)), ...data.curves.map((x) => curve(x, c))];
    option.series.push({ type: "line", name: "", data: [], markLine: { silent: true, symbol: "none", animation: false, data: marks } });
    return option;
  };

  const bars = (data, c, font, width) => {
    const option = frame(data, c, font, width);
    option.xAxis = { type: "category", data: data.labels, axisLabel: { color: c.quiet }, axisLine: { lineStyle: { color: c.quiet } }, axisTick: { show: false } };
    option.tooltip.axisPointer = { type: "shadow" };
    option.tooltip.valueFormatter = (v) => number(v, data);
    option.series = data.curves.map((x) => ({ type: "bar", name: x.label, data: x.values, color: x.style === "prior" ? c.barPrior : c.value, itemStyle: x.style === "prior" ? { borderColor: c.prior, borderWidth: 1 } : {} }));
    return option;
  };

  const upgrade = (name) => {
    const source = document.getElementById(name + "-data");
    const figure = document.getElementById(name + "-chart");
    if (!source || !figure) return;
    const data = JSON.parse(source.textContent);
    const drawing = figure.querySelector(".drawing");
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("role", "img");
    figure.append(plot);
    let chart;
    const draw = () => chart.setOption((data.bars ? bars : lines)(data, colours(), getComputedStyle(document.body).fontFamily, plot.clientWidth), true);
    try {
      chart = echarts.init(plot);
      draw();
    } catch (error) {
      plot.remove();
      throw error;
    }
    drawing.hidden = true;
    for (const name of ["tabindex", "role", "aria-label"]) figure.removeAttribute(name); // it need not be scrolled any more
    new ResizeObserver(() => chart.resize()).observe(plot);
    dark.addEventListener("change", draw);
    still.addEventListener("change", draw);
  };

  for (const name of ["curve", "months"]) upgrade(name);
})();
