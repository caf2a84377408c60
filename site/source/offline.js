// Has the page kept for when there is no network, where the browser allows it.

/**
 * Keep the labs, and these files besides.
 *
 * @param {{address: string, integrity?: string}[]} [files]
 * @returns {Promise<boolean>} whether the browser does
 */
export async function keepForOffline(files = []) {
  if (!navigator.serviceWorker) return false; // neither HTTPS nor this computer, or switched off
  try {
    await navigator.serviceWorker.register(new URL("../service-worker.js", import.meta.url));
    const { active } = await navigator.serviceWorker.ready;
    if (!files.length) return true;
    const answer = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("message", resolve, { once: true });
      navigator.serviceWorker.startMessages();
    });
    active.postMessage({ keep: files });
    await answer;
    return true;
  } catch {
    return false; // storage is blocked or full: the page works all the same, with a network
  }
}
