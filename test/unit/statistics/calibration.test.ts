/** Calibration against SciPy and NumPy (test/fixtures/statistics/make.py). */
import { expect, it } from 'vitest'
import {
  calibrationError,
  calibrationErrorAt,
  confidencesIn,
  probabilitiesAt,
  temperatureOf,
} from '../../../src/statistics/calibration'
import expected from '../../fixtures/statistics/expected.json'

it.each(expected.calibrated)('temperature $temperature over $classes classes', (given) => {
  const samples = {
    logits: Float32Array.from(given.logits),
    classes: given.classes,
    labels: Int32Array.from(given.labels),
  }
  const temperature = temperatureOf(samples)
  expect(temperature).toBeCloseTo(given.temperature, 4)
  expect(calibrationErrorAt(samples, 1)).toBeCloseTo(given.errorBefore, 4)
  expect(calibrationErrorAt(samples, temperature)).toBeCloseTo(given.errorAfter, 4)
})

it('probabilities of logits whose exponentials overflow', () => {
  const probabilities = probabilitiesAt(Float32Array.of(1000, 998, -1000, -1000), 2, 2)
  expect(Array.from(probabilities)).toEqual([
    expect.closeTo(Math.E / (Math.E + 1), 6),
    expect.closeTo(1 / (Math.E + 1), 6),
    0.5,
    0.5,
  ])
  expect(Array.from(confidencesIn(probabilities, 2))).toEqual([probabilities[0], 0.5])
})

it('samples that are all right determine no temperature, so that it makes no other prediction certain', () => {
  const logits = Float32Array.of(3, 0, 0, 3)
  expect(temperatureOf({ logits, classes: 2, labels: Int32Array.of(0, 1) })).toBe(1)
})

it('the limits of the temperature: narrow margins and a narrower error, and samples all wrong', () => {
  const logits = Float32Array.of(0.1, 0, 0, 1e-6)
  expect(temperatureOf({ logits, classes: 2, labels: Int32Array.of(0, 0) })).toBeCloseTo(0.1, 9)
  const wrong = { logits: Float32Array.of(3, 0, 0, 3), classes: 2, labels: Int32Array.of(1, 0) }
  expect(temperatureOf(wrong)).toBeCloseTo(100, 6)
})

it('errors cancel within a bin and add up between bins; the least and the greatest confidence have a bin', () => {
  expect(calibrationError(Float32Array.of(0.61, 0.61), [true, false])).toBeCloseTo(0.11, 6)
  expect(calibrationError(Float32Array.of(0.61, 0.51), [true, false])).toBeCloseTo((0.39 + 0.51) / 2, 6)
  expect(calibrationError(Float32Array.of(0, 1), [false, true])).toBe(0)
})

it('where every temperature is as likely, nothing is changed: one class, or equal logits', () => {
  const labels = Int32Array.of(0, 0)
  expect(temperatureOf({ logits: Float32Array.of(3, -2), classes: 1, labels })).toBe(1)
  expect(temperatureOf({ logits: Float32Array.of(2, 2, 0, 0), classes: 2, labels })).toBe(1)
})

it('without samples nothing is known, and nothing is changed', () => {
  const none = { logits: new Float32Array(0), classes: 3, labels: new Int32Array(0) }
  expect(temperatureOf(none)).toBe(1)
  expect(calibrationErrorAt(none, 1)).toBeNull()
})
