/** @file Hooks and deliveries as GitHub's REST interface writes them. */
import { toIsoSeconds } from './clock.ts';
import type { Addresses } from './user-json.ts';
import type { Delivery, Hook, JsonObject } from './webhook-types.ts';

/** A secret is shown only as being there. */
export function hookJson(hook: Hook, fullName: string, at: Addresses): JsonObject {
  const url = `${at.apiBase}/repos/${fullName}/hooks/${hook.id}`;
  const { contentType, insecureSsl, secret } = hook.config;
  return {
    type: 'Repository',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: {
      content_type: contentType,
      insecure_ssl: insecureSsl,
      ...(secret === null ? {} : { secret: '********' }),
      url: hook.config.url,
    },
    updated_at: toIsoSeconds(hook.updatedAtMs),
    created_at: toIsoSeconds(hook.createdAtMs),
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: hook.lastResponse,
  };
}

/** The form that stands in lists. */
export function deliveryItemJson(delivery: Delivery): JsonObject {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: toIsoSeconds(delivery.deliveredAtMs),
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: null,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

export function deliveryJson(delivery: Delivery): JsonObject {
  const { url, request, response } = delivery;
  return { ...deliveryItemJson(delivery), url, request, response };
}
