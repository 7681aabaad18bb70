// The address of the site's root. It ends in a slash.
export const root = new URL("../../../", import.meta.url);

// The address of the page of DAY (YYYY-MM-DD), or of paper ID on it.
export const dayPage = (day, id = "") => new URL(`days/${day.slice(0, 4)}/${day}/${id && `#${id}`}`, root).href;

// The address of the search for QUERY, and of that for what an author NAME wrote.
export const searchPage = (query) => new URL(`search/?${new URLSearchParams({ q: query })}`, root).href;
export const authorPage = (name) => searchPage(`author:"${name}"`);
