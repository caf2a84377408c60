// Leads on to the edition that the browser's languages ask for; the links stay for whoever comes back.

const wantsChinese = (navigator.languages ?? [navigator.language]).find((code) => /^(zh|en)/.test(code));
const code = wantsChinese?.startsWith("zh") ? "zh" : "en";
location.replace(`${code}/index.html${location.hash}`);
