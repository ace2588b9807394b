/**
 * HubSpot for the promise API: `connect(options)`.
 */
import { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import * as HubSpot from "@advocacy-kit/hubspot"
import { Context, Effect, Layer } from "effect"
import { ConnectorInvalid, type Connector } from "./Connector.ts"
import * as HubSpotRoutes from "./HubSpotRoutes.ts"

export { layer as routes } from "./HubSpotRoutes.ts"

/** Contacts, companies, deals and surveys in; standings out; webhooks at `/hubspot/webhooks`, workflow actions under `/hubspot/actions`. */
export const connect = (options: HubSpot.HubSpotOptions): Connector => ({
  name: "hubspot",
  build: Effect.gen(function* () {
    const context = yield* Layer.build(HubSpot.HubSpot.layer(options)).pipe(
      Effect.mapError(({ message }) => new ConnectorInvalid({ connector: "hubspot", problem: message })),
    )
    return {
      source: Context.get(context, HubSpot.HubSpotSource),
      writeBack: Context.get(context, WriteBack),
      workOff: HubSpot.ActionWork.workOff().pipe(Effect.provideContext(context)),
      routes: HubSpotRoutes.layer.pipe(Layer.provide(Layer.succeedContext(context))),
    }
  }),
})
