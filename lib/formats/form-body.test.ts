import { expect, test } from 'vitest'
import { formBody } from './form-body'

test.each([
  [{ a: { b: { c: 'x' } } }, 'a[b][c]=x'],
  [{ a: [1, 'x', null, false] }, 'a[]=1&a[]=x&a[]=&a[]=false'],
  [{ a: [{ x: 1 }, { x: 2 }] }, 'a[0][x]=1&a[1][x]=2'],
  [{ a: [[1], []] }, 'a[0][]=1&a[1]='],
  [{ a: null, b: [], c: {}, d: undefined }, 'a=&b=&c='],
  [{ a: { 'x[y]': 1, ' ': 2, 'é=&': 3 } }, 'a[x(y)]=1&a[_]=2&a[%C3%A9%3D%26]=3'],
])('%j as form fields is %s', (values, fields) => {
  expect(formBody(values)).toBe(fields)
})
