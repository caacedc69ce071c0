#!/bin/sh
# Builds echarts.js, and the licences beside it, again: see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --ignore-scripts --save-exact --silent echarts@6.1.0 zrender@6.1.0 tslib@2.3.0 esbuild@0.28.2
cat >main.js <<'JS'
import { init, use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, MarkLineComponent, TooltipComponent]);
export { init };
JS
banner='/*! Apache ECharts 6.1.0, parts of it, with zrender 6.1.0 and tslib 2.3.0. Licensed to the Apache Software Foundation (ASF) under one or more contributor license agreements; licensed under the Apache License, Version 2.0, zrender under the BSD 3-Clause License, tslib under 0BSD: see echarts.txt beside this file. */'
node_modules/.bin/esbuild main.js --bundle --minify --format=iife --global-name=echarts --target=es2020 --legal-comments=none \
  --define:process.env.NODE_ENV='"production"' --banner:js="$banner" --log-level=warning --outfile=echarts.js
mv echarts.js "$here/echarts.js"
{
  for part in echarts/NOTICE echarts/LICENSE zrender/LICENSE tslib/LICENSE.txt; do
    printf '==== %s ====\n\n' "$part"
    cat "node_modules/$part"
    printf '\n\n'
  done
} >"$here/echarts.txt"
sha256sum "$here/echarts.js"
