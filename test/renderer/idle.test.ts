/** Hidden charts are not redrawn, and visible ones are updated without being created again. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { Chart } from 'chart.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../../renderer/App.vue'
import LineChart from '../../renderer/charts/LineChart.vue'
import AccuracyPanel from '../../renderer/panels/AccuracyPanel.vue'
import { useNavigation } from '../../renderer/stores/navigation'
import { useWatched } from '../../renderer/stores/watched'
import { redrawInterval } from '../../renderer/theme/pace'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

enableAutoUnmount(afterEach)

/** Number of chart updates and canvas drawings. */
let drawings = 0

/** happy-dom does not draw; this context counts calls and measures text at 6 px a letter. */
function countingContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const counted = new Set(['stroke', 'fill', 'fillRect', 'clearRect', 'drawImage', 'putImageData'])
  const written: Record<string | symbol, unknown> = {
    canvas,
    measureText: (text: string) => ({ width: text.length * 6 }),
    getImageData: () => ({ data: new Uint8ClampedArray(4) }),
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(width * height * 4) }),
  }
  return new Proxy(written, {
    get: (known, name) => {
      if (name in known) return known[name]
      return () => {
        if (counted.has(String(name))) drawings++
      }
    },
  }) as unknown as CanvasRenderingContext2D
}

beforeEach(() => {
  localStorage.clear()
  location.hash = ''
  drawings = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance', 'requestAnimationFrame'] })
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (this: HTMLCanvasElement) {
    return countingContext(this)
  })
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 400, 300))
})
/** From here on, chart updates count as well. */
function countUpdates(): void {
  const { update } = Chart.prototype
  vi.spyOn(Chart.prototype, 'update').mockImplementation(function (this: Chart, mode) {
    drawings++
    update.call(this, mode)
  })
}
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const settle = async () => {
  await flushPromises()
  await vi.advanceTimersByTimeAsync(4 * redrawInterval)
  await flushPromises()
}

const recordRound = (host: TestHost, round: number) =>
  host.send({ type: 'recorded', run: fixtures.runId, event: fixtures.roundEvent(round) })

describe('a chart', () => {
  const line = (ys: readonly number[]) => ({
    label: 'Loss',
    colour: 'red',
    points: ys.map((y, x) => ({ x, y })),
  })

  it('updates where it stands', async () => {
    const chart = mountWith(LineChart, createHost(), {
      series: [line([1, 2])],
      label: 'Loss',
      xTitle: 'Round',
    })
    await settle()
    const canvas = chart.get('canvas').element
    const before = Chart.getChart(canvas)
    const [dataset] = before?.data.datasets ?? []
    expect(dataset?.data).toHaveLength(2)
    await chart.setProps({ series: [line([1, 2, 3])], cursorAt: 2 })
    await settle()
    expect(chart.get('canvas').element).toBe(canvas)
    expect(Chart.getChart(canvas)).toBe(before)
    expect(before?.data.datasets[0]).toBe(dataset)
    expect(dataset?.data).toHaveLength(3)
  })

  it('draws a single point as a point, where lines need none', async () => {
    const series = [line([1]), line([1, 2])]
    const chart = mountWith(LineChart, createHost(), { series, label: 'Loss', xTitle: 'Epoch' })
    await settle()
    const datasets = Chart.getChart(chart.get('canvas').element)?.data.datasets ?? []
    expect(datasets.map((dataset) => (dataset as { pointRadius?: number }).pointRadius)).toEqual([3, 0])
  })

  it('waits for its turn: of charts that change together, one is drawn a frame', async () => {
    const one = { series: [line([1, 2])], label: 'Loss', xTitle: 'Round' }
    const charts = [1, 2, 3].map(() => mountWith(LineChart, createHost(), one))
    const drawn = () => charts.filter((chart) => chart.find('canvas').exists()).length
    const frame = 16
    const counts = [drawn()]
    for (let frames = 0; frames < 4; frames++) {
      await vi.advanceTimersByTimeAsync(frame)
      await flushPromises()
      counts.push(drawn())
    }
    expect(counts[0]).toBe(0)
    expect(counts[counts.length - 1]).toBe(3)
    expect(counts.slice(1).every((count, i) => count - (counts[i] ?? 0) <= 1)).toBe(true)
  })

  it('is drawn at most once in an interval, however fast rounds come', async () => {
    const host = createHost()
    mountWith(AccuracyPanel, host)
    const watched = useWatched()
    host.lab.subscribe((event) => watched.receive(event))
    await watched.open(fixtures.runId)
    await settle()
    const update = vi.spyOn(Chart.prototype, 'update')
    for (let round = 4; round < 104; round++) {
      recordRound(host, round % 5)
      await vi.advanceTimersByTimeAsync(redrawInterval / 25)
    }
    expect(update.mock.calls.length).toBeGreaterThan(0)
    // Data and options of one chart may both change in one redraw.
    expect(update.mock.calls.length).toBeLessThanOrEqual(2 * 5)
  })
})

describe('panels that are not on show', () => {
  it('draw nothing while another page is open, and catch up when theirs comes back', async () => {
    const host = createHost()
    mountWith(App, host)
    await settle()
    countUpdates()
    drawings = 0
    recordRound(host, 4)
    await settle()
    expect(drawings).toBeGreaterThan(0)

    useNavigation().go('learn')
    await settle()
    drawings = 0
    for (const round of [1, 2, 3, 4]) {
      recordRound(host, round)
      await settle()
    }
    expect(drawings).toBe(0)

    useNavigation().go('experiment')
    await settle()
    expect(drawings).toBeGreaterThan(0)
    expect(useWatched().lastRound).toBe(4)
  })

  it('draw nothing while the window is hidden', async () => {
    const host = createHost()
    mountWith(App, host)
    await settle()
    countUpdates()
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    drawings = 0
    recordRound(host, 4)
    await settle()
    expect(drawings).toBe(0)
    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    await settle()
    expect(drawings).toBeGreaterThan(0)
  })
})
