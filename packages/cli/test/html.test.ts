/**
 * What can be put into a page, and what cannot. Templates here have a name that the formatter does not know: it would mend them.
 */
import { describe, expect, it } from "vitest"
import { html as template, type Html } from "../src/page/Html.ts"

const hostile = `</script><img src=x onerror="alert(1)">'&\u0000`

describe("html", () => {
  it("escapes what is put into text and into an attribute", () => {
    const safe = "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;\ufffd"
    expect(String(template`<p title="${hostile}">${hostile}</p>`)).toBe(`<p title="${safe}">${safe}</p>`)
  })

  it("keeps what it made itself, in lists too, and leaves null out", () => {
    const items = ["<", 2, 3n].map((one) => template`<b>${one}</b>`)
    expect(String(template`<p>${items}${null}</p>`)).toBe("<p><b>&lt;</b><b>2</b><b>3</b></p>")
  })

  it("takes nothing that only looks like its own", () => {
    const forged = { toString: () => "<b>" } as unknown as Html
    expect(() => template`<p>${forged}</p>`).toThrow(TypeError)
    expect(String(template`<p>${String(template`<b></b>`)}</p>`)).toBe("<p>&lt;b&gt;&lt;/b&gt;</p>")
  })

  it.each<[string, (text: string) => Html]>([
    ["an attribute without quotes", (text) => template`<p title=${text}></p>`],
    ["a name of an attribute", (text) => template`<p ${text}></p>`],
    ["an attribute in single quotes", (text) => template`<p title='${text}'></p>`],
    ["a handler", (text) => template`<p onclick="${text}"></p>`],
    ["a style", (text) => template`<p style="${text}"></p>`],
    ["an address", (text) => template`<a href="${text}"></a>`],
    ["an address that begins elsewhere", (text) => template`<a href="javascript:${text}"></a>`],
    ["a source", (text) => template`<img src="${text}" />`],
    [
      "a script",
      (text) =>
        template`<script>
          ${text}
        </script>`,
    ],
    [
      "a style sheet",
      (text) =>
        template`<style>
          p {
            color: ${text};
          }
        </style>`,
    ],
    ["a comment", (text) => template`<!-- ${text} -->`],
    ["what comes after a nested attribute", (text) => template`<a title="${"a"}" href="${text}"></a>`],
  ])("puts nothing into %s", (_, make) => {
    expect(() => make("harmless")).toThrow(/nothing can be put safely/)
  })

  it("puts a place of the page into an address, and goes on after a style sheet", () => {
    expect(String(template`<style>p{}</style><a href="#${'a"b'}">${"<"}</a>`)).toBe(
      '<style>p{}</style><a href="#a&quot;b">&lt;</a>',
    )
  })

  it("shows no number that is none", () => {
    expect(() => template`<p>${Number.NaN}</p>`).toThrow(/cannot stand on a page/)
  })
})
