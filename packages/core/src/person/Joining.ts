/**
 * Union and find over names.
 *
 * Promises: the smallest name of a set stands for it, so that what a set is called does not depend on the order of joins.
 */
export const make = <Name extends string>() => {
  const parent = new Map<Name, Name>()
  const find = (name: Name): Name => {
    let root = name
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up
    for (let at = name; at !== root;) {
      const next = parent.get(at) ?? root
      parent.set(at, root)
      at = next
    }
    return root
  }
  const join = (left: Name, right: Name): void => {
    const [a, b] = [find(left), find(right)]
    if (!parent.has(a)) parent.set(a, a)
    if (!parent.has(b)) parent.set(b, b)
    if (a < b) parent.set(b, a)
    else if (b < a) parent.set(a, b)
  }
  return { find, join, names: () => [...parent.keys()].sort() }
}
