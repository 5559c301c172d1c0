import { describe, expect, it } from 'vitest'
import { accuracy, duration, loss, losses, moment, rate, size } from '../../../src/cli/numbers'

describe('numbers on the terminal', () => {
  it('give accuracies 4 decimals and losses 5, as the article does', () => {
    expect(accuracy(0.99854)).toBe('0.9985')
    expect(accuracy(1)).toBe('1.0000')
    expect(accuracy(null)).toBe('-')
    expect(loss(0.693147)).toBe('0.69315')
    expect(losses({ D: 0.5, MT: 1.234567 })).toBe('D 0.50000  MT 1.23457')
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [6_700_000, '6.7 MB'],
    [15.6e9, '15.6 GB'],
    [2e15, '2000.0 TB'],
  ])('write %d bytes as %s', (bytes, text) => {
    expect(size(bytes)).toBe(text)
  })

  it.each([
    [0.04, '0.0 s'],
    [8.44, '8.4 s'],
    [59.4, '59 s'],
    [59.7, '1 min 0 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
  ])('write %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })

  it('write a rate with as many digits as mean something', () => {
    expect(rate(1843.4)).toBe('1843')
    expect(rate(2.345)).toBe('2.3')
  })

  it('write a moment in local time, and leave alone what is none', () => {
    expect(moment(new Date(2026, 10, 3, 4, 5).toISOString())).toBe('2026-11-03 04:05')
    expect(moment('soon')).toBe('soon')
  })
})
