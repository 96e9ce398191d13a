export type {
  JSONArray,
  JSONLike,
  JSONLikeObject,
  JSONObject,
  JSONPrimitive,
  JSONValue,
} from '@segment/actions-core'
