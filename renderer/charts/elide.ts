/** Shortens text to a width, for text in pictures, which has no `text-overflow`. */

/** Width of a text in CSS pixels. */
export type Measure = (text: string) => number

/** East Asian wide characters are as wide as the font is high. */
const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/

function letterWidth(letter: string): number {
  if (wide.test(letter)) return 12
  if (/[mwMW@%]/.test(letter)) return 11
  if (/[A-Z]/.test(letter)) return 9
  return /[ fijlrtI.,:;'|()[\]-]/.test(letter) ? 4.5 : 7.5
}

/** An estimate for the page's font at 12 px, a little above its average widths. */
export const widthAt12: Measure = (text) =>
  Array.from(text).reduce((sum, letter) => sum + letterWidth(letter), 0)

/** The text itself if it fits, else its longest beginning that fits, with an ellipsis. */
export function elided(text: string, width: number, measure: Measure = widthAt12): string {
  if (measure(text) <= width) return text
  const letters = Array.from(text)
  let [least, most] = [0, letters.length]
  while (least < most) {
    const length = Math.ceil((least + most) / 2)
    if (measure(`${letters.slice(0, length).join('')}…`) <= width) least = length
    else most = length - 1
  }
  return `${letters.slice(0, least).join('')}…`
}
