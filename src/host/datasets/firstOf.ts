/** The first few of many names, with a sign that there are more. */
export const firstOf = (names: readonly string[], count: number, between = ', '): string => [...names.slice(0, count), ...(names.length > count ? ['...'] : [])].join(between);
