/** The least role that may call a route; every route of `/v1` is declared with one of these. */
export const viewer = { config: { role: 'viewer' } } as const;
export const operator = { config: { role: 'operator' } } as const;
export const trader = { config: { role: 'trader' } } as const;
export const admin = { config: { role: 'admin' } } as const;
