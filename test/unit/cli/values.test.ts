import { describe, expect, it } from 'vitest'
import { settingIn } from '../../../src/cli/settings'
import { arrayNames, imageCount, oneOf, wholeNumber, wholeNumbers } from '../../../src/cli/values'
import { labError } from '../../../src/contract/errors'

describe('values on the command line', () => {
  it('reads whole numbers within their bounds', () => {
    const read = wholeNumber('--seeds', 1, 1000)
    expect(read('10')).toBe(10)
    for (const value of ['ten', '1.5', '1e3', 'NaN', '', '0x10']) {
      expect(() => read(value)).toThrow(
        labError('wrong-type', { name: '--seeds', value, expected: 'integer' }),
      )
    }
    for (const value of [0, -1, 1001]) {
      expect(() => read(String(value))).toThrow(
        labError('out-of-range', { name: '--seeds', value, least: 1, most: 1000 }),
      )
    }
  })

  it('reads lists of whole numbers', () => {
    const read = wholeNumbers('--classes')
    expect(read('2,3')).toEqual([2, 3])
    expect(read('7')).toEqual([7])
    expect(read('2, 3')).toEqual([2, 3])
    for (const value of ['two', '2,,3', '-1,2', '']) {
      expect(() => read(value)).toThrow(
        labError('wrong-type', { name: '--classes', value, expected: 'integers' }),
      )
    }
  })

  it('reads one of a few words, and names the nearest', () => {
    const read = oneOf('--split', ['train', 'test'])
    expect(read('test')).toBe('test')
    expect(() => read('tset')).toThrow(
      labError('not-one-of', { name: '--split', value: 'tset', choices: 'train, test', nearest: 'test' }),
    )
  })

  it('reads a number of images or all of them', () => {
    expect(imageCount('--count')('all')).toBe('all')
    expect(imageCount('--count')('10000')).toBe(10000)
    expect(() => imageCount('--count')('0')).toThrow('out-of-range')
    expect(() => imageCount('--count')('some')).toThrow('wrong-type')
  })

  it('reads names of arrays by what they hold', () => {
    const read = arrayNames('--arrays')
    const none = { labels: null, testImages: null, testLabels: null }
    expect(read('images=x')).toEqual({ images: 'x', ...none })
    expect(read('images=a, b=c,labels=y,test-images=t,test-labels=u')).toEqual({
      images: 'a, b=c',
      labels: 'y',
      testImages: 't',
      testLabels: 'u',
    })
    expect(() => read('labels=y')).toThrow('missing-value')
    expect(() => read('images=')).toThrow('empty-name')
    expect(() => read('images')).toThrow('empty-name')
    expect(() => read('images=a,images=b')).toThrow(
      labError('repeated-name', { option: '--arrays', name: 'images' }),
    )
    expect(() => read('image=a')).toThrow(
      labError('not-one-of', {
        name: '--arrays',
        value: 'image',
        choices: 'images, labels, test-images, test-labels',
        nearest: 'images',
      }),
    )
  })

  it('splits a setting at its first equals sign', () => {
    expect(settingIn('adaptation.epochs=10')).toEqual(['adaptation.epochs', '10'])
    expect(settingIn(' name = a=b ')).toEqual(['name', 'a=b'])
    expect(settingIn('target.shifts=')).toEqual(['target.shifts', ''])
    for (const text of ['adaptation.epochs', '=10', '', 'two words=1']) {
      expect(() => settingIn(text)).toThrow(labError('malformed-setting', { text }))
    }
  })
})
