/** Plain copies of reactive values: Electron's contextBridge and structured clone refuse a Proxy. */
import { isReactive, isReadonly, toRaw } from 'vue'

export function raw<T>(value: T): T {
  const plain: unknown = isReactive(value) || isReadonly(value) ? toRaw(value) : value
  if (Array.isArray(plain)) return plain.map((item: unknown) => raw(item)) as T
  if (typeof plain === 'object' && plain !== null && Object.getPrototypeOf(plain) === Object.prototype)
    return Object.fromEntries(Object.entries(plain).map(([key, item]) => [key, raw(item as unknown)])) as T
  return plain as T
}
