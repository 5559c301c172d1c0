/** Formatting of numbers for display. */
import { describe, expect, it } from 'vitest'
import { accuracy, bytes, day, decimal, duration, percent } from '../../renderer/format/numbers'
import { bytesOf, floatsOf } from '../../renderer/format/base64'

describe('figures', () => {
  it('gives accuracies four decimals, and a dash where there is none', () => {
    expect([0.584, 1, null, undefined].map(accuracy)).toEqual(['0.5840', '1.0000', '–', '–'])
  })

  it('gives sizes three digits and a unit', () => {
    expect([0, 999, 1000, 6_730_000, 270e6, 79.7e9].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '6.73 MB',
      '270 MB',
      '79.7 GB',
    ])
  })

  it('writes small numbers digit by digit', () => {
    expect([0.00001, 1e-9, 0.03, 40, 1e-8].map(decimal)).toEqual([
      '0.00001',
      '0.000000001',
      '0.03',
      '40',
      '0.00000001',
    ])
  })

  it('says times coarser the longer they are, in either language', () => {
    expect([0, 0.0004, 0.0027, 0.0096, 0.27, 1].map(percent)).toEqual([
      ...['0 %', '< 0.1 %', '0.3 %', '1.0 %', '27 %', '100 %'],
    ])
    // Midnight is 00, not 24.
    expect(day(new Date(2026, 10, 29, 0, 50).toISOString(), 'en')).toMatch(/\b00:50$/)
    expect(duration(4, 'en')).toBe('4 sec')
    expect(duration(185, 'en')).toBe('3 min')
    expect(duration(4800, 'en')).toBe('1 hr 20 min')
    expect(duration(185, 'zh')).toMatch(/^3\s?分钟$/)
  })

  it('reads columns back as they were written', () => {
    expect([...bytesOf(btoa('\u0000\u0080\u00ff'))]).toEqual([0, 128, 255])
    expect([
      ...floatsOf(btoa(String.fromCharCode(...new Uint8Array(new Float32Array([1.5, -2]).buffer)))),
    ]).toEqual([1.5, -2])
  })
})
