import { describe, expect, it } from 'vitest'
import { drawShots } from '../../../src/data/shots'
import { refusalOf } from './support'

const labels = Int32Array.from({ length: 40 }, (_, place) => (place % 4 === 0 ? 1 : 0))
const classes = ['7', '9']

describe('labelled target images', () => {
  it('are so many of each class, class by class, none twice', () => {
    const places = drawShots({ labels }, classes, 5, 0)
    expect(Array.from(places, (place) => labels[place])).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    expect(new Set(places).size).toBe(10)
  })

  it('are none by default', () => {
    expect(drawShots({ labels }, classes, 0, 0)).toHaveLength(0)
  })

  it('are drawn by the seed, and fewer are the first of more', () => {
    const drawn = (shots: number, seed: number) => Array.from(drawShots({ labels }, classes, shots, seed))
    expect(drawn(5, 0)).toEqual(drawn(5, 0))
    expect(drawn(5, 1)).not.toEqual(drawn(5, 0))
    expect(drawn(2, 0)).toEqual([...drawn(5, 0).slice(0, 2), ...drawn(5, 0).slice(5, 7)])
  })

  it('are refused where a class has fewer, by the name of the class', async () => {
    expect(await refusalOf(() => drawShots({ labels }, classes, 11, 0))).toEqual({
      code: 'shots-too-many',
      params: { asked: 11, class: '9', available: 10 },
    })
  })
})
