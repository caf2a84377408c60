// Has the page kept for when there is no network, where the browser allows it.

/** Keep the page, and these files besides; resolves to whether the browser does. */
export async function keepForOffline(addresses = []) {
  if (!navigator.serviceWorker) return false; // neither HTTPS nor this computer, or switched off
  try {
    await navigator.serviceWorker.register(new URL("../service-worker.js", import.meta.url));
    const { active } = await navigator.serviceWorker.ready;
    if (!addresses.length) return true;
    const answer = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("message", resolve, { once: true });
      navigator.serviceWorker.startMessages();
    });
    active.postMessage({ keep: addresses });
    await answer;
    return true;
  } catch {
    return false; // storage is blocked or full: the page works all the same, with a network
  }
}
