/**
 * A tree from left to right: the one at the root, whom they brought, whom these brought.
 */
import { stratify, tree as layout } from "d3-hierarchy"
import { html } from "../Html.ts"
import { px, type Drawing, type Frame } from "./Frame.ts"

export interface Node {
  readonly id: string
  /** Null for the root. */
  readonly parent: string | null
}

export const tree = (frame: Frame, nodes: ReadonlyArray<Node>): Drawing => {
  const root = stratify<Node>()
    .id(({ id }) => id)
    .parentId(({ parent }) => parent)([...nodes])
  const across = Math.min(160, (frame.width - 30) / Math.max(1, root.height))
  const placed = layout<Node>().nodeSize([13, across])(root)
  const all = placed.descendants()
  const top = Math.min(...all.map(({ x }) => x)) - 10
  const height = Math.max(...all.map(({ x }) => x)) - top + 10
  const at = (node: { readonly x: number; readonly y: number }) => ({ x: px(node.y + 12), y: px(node.x - top) })
  return {
    height,
    content: html`${placed.links().map(({ source, target }) => {
      const [from, to] = [at(source), at(target)]
      const middle = px((from.x + to.x) / 2)
      return html`<path
        class="branch"
        d="M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}"
      />`
    })}${all.map((node) => {
      const { x, y } = at(node)
      return html`<circle
        class="${node.depth === 0 ? "fill a" : "hollow a"}"
        cx="${x}"
        cy="${y}"
        r="${node.depth === 0 ? 7 : 4}"
      />`
    })}`,
  }
}
