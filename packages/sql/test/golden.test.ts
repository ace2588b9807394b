/** Every golden story on both databases, each as a tenant of its own. */
import { GoldenStories, GoldenStory } from "@advocacy-kit/testing"
import { expect, test } from "vitest"
import { onEachEngine } from "./Engines.ts"

onEachEngine("golden stories", ({ run }) => {
  test.each(GoldenStories.goldenStories.map((story, index) => ({ title: story.title, story, index })))(
    "$title",
    async ({ index, story }) => {
      const seen = await run(GoldenStory.tell(story), `story-${index}`)
      expect(seen).toEqual(
        GoldenStory.expected(story).map(({ at, balances, decisions }) => ({ at, decisions, balances })),
      )
    },
    60_000,
  )
})
