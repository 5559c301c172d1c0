/** Paths relative to dist/electron/main.cjs, the same in a checkout and in a package. */
import { join } from 'path'

const dist = join(__dirname, '..')

export const paths = {
  workers: dist,
  page: join(dist, 'renderer'),
  preload: join(__dirname, 'preload.cjs'),
  icon: join(dist, '..', 'assets', 'icons', '512x512.png'),
}
