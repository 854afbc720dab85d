import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

/** One line or one part of each bar; the values stand in the order of the places. */
export type Series = {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | null)[];
};

export type Plot = {
  readonly kind: 'areas' | 'lines' | 'bars' | 'rows';
  readonly places: readonly string[];
  readonly placeName: string;
  readonly valueName: string;
  readonly series: readonly Series[];
};

const WIDTH = 880;
const INK = 'var(--ink-2)';
const LINE = 'var(--line)';

/** Plots as SVG for a page whose style sheet has the colours; no script, no style of their own. */
export function drawPlots(plots: readonly Plot[]): readonly string[] {
  use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);
  return plots.map((plot, at) => {
    const height = plot.kind === 'rows' ? 110 + 26 * plot.places.length : 280;
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
    chart.setOption(optionOf(plot));
    const svg = chart.renderToSVGString();
    chart.dispose();
    // The library counts its charts for as long as it lives; the same log has the same report.
    return withoutStyle(svg).replace(/\bzr\d+-/g, `plot${at}-`);
  });
}

function optionOf({ kind, places, placeName, valueName, series }: Plot): EChartsCoreOption {
  const text = { color: INK, fontSize: 12 };
  const name = { nameLocation: 'middle', nameTextStyle: text };
  const rows = kind === 'rows';
  const axisLine = { lineStyle: { color: LINE } };
  const split = { lineStyle: { color: LINE } };
  const place = {
    type: 'category',
    data: [...places],
    boundaryGap: kind === 'bars' || rows,
    axisLabel: { ...text, hideOverlap: true },
    axisLine,
    axisTick: { show: false },
    inverse: rows,
    ...(rows ? {} : { ...name, name: placeName, nameGap: 28 }),
  };
  const value = {
    type: 'value',
    axisLabel: { ...text, hideOverlap: true },
    axisLine: { show: false },
    splitLine: split,
    ...name,
    name: valueName,
    nameGap: rows ? 28 : 62,
  };
  return {
    animation: false,
    legend: { top: 0, icon: 'rect', itemGap: 26, textStyle: text, data: series.map((one) => one.name) },
    grid: { left: rows ? 200 : 84, right: 20, top: 36, bottom: 48 },
    xAxis: rows ? value : place,
    yAxis: rows ? place : value,
    series: series.map(({ name: called, colour, values }) => ({
      name: called,
      type: kind === 'bars' || rows ? 'bar' : 'line',
      data: [...values],
      silent: true,
      showSymbol: values.length === 1,
      connectNulls: true,
      color: colour,
      barMaxWidth: 34,
      emphasis: { disabled: true },
      ...(kind === 'lines' ? { lineStyle: { width: 1.5 } } : { stack: 'all' }),
      ...(kind === 'areas' ? { areaStyle: { opacity: 0.85 }, lineStyle: { width: 0.5 } } : {}),
    })),
  };
}

/** The library writes fonts as style attributes, which the page forbids; as attributes of SVG they mean the same. */
function withoutStyle(svg: string): string {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/ xmlns:xlink="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) =>
      style
        .split(';')
        .map((one) => one.split(':').map((part) => part.trim()))
        .map(([key = '', said = '']) => (key === 'font-size' ? ` font-size="${said}"` : ''))
        .join(''),
    );
}
