import { expect, it } from 'vitest'
import { nearest } from '../../../src/contract/nearest'

const runs = ['2026-11-23-published-k3f9', '2026-11-23-usps-mnist-w7dz']
const options = ['--json', '--lang', '--rounds', '--version']

it.each([
  ['runn', ['run', 'runs', 'resume'], 'run'],
  ['PUBLISHD', ['published', 'usps-mnist'], 'published'],
  ['rotate', ['rotation', 'scale'], 'rotation'],
  ['tset', ['train', 'test'], 'test'],
  ['numpy', ['safetensors', 'npy', 'tfjs'], 'npy'],
  ['--roundz', options, '--rounds'],
  ['learningrate', ['source.seed', 'adaptation.learningRate'], 'adaptation.learningRate'],
  [`${runs[0] ?? ''}x`, runs, runs[0]],
  ['2026-11-23-publshed-k3f9', runs, runs[0]],
  ['usps-mnist', runs, runs[1]],
])('%s is near enough to one of %j', (name, choices, found) => {
  expect(nearest(name, choices)).toBe(found)
})

it.each([
  ['nope', runs],
  ['2026-11-23-five-shot-b8xm', ['2026-11-24-usps-mnist-w7dz']],
  ['2026-11-23-digits-b8xm', runs],
  ['mnist', ['mine']],
  ['fr', ['en', 'zh']],
  ['-x', options],
  ['2', runs],
  ['', runs],
  ['train', []],
])('%s is near to none of %j', (name, choices) => {
  expect(nearest(name, choices)).toBe('')
})
