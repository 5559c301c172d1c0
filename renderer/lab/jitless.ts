/** Must be the first import: zod builds validators with `new Function` otherwise, which the page's CSP forbids. */
import { config } from 'zod'

config({ jitless: true })
