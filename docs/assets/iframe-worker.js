// Browsers start no worker from a file. When these pages are opened from a folder, the search runs in a hidden frame
// instead, with the same messages in and out. Over http nothing is changed.
if (location.protocol === "file:") {
  window.Worker = window.IFrameWorker = class extends EventTarget {
    #inside;
    #waiting = [];

    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "search";
      document.body.append(frame);
      const inside = frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      const script = inside.document.createElement("script");
      script.src = new URL(url, location.href).href;
      script.addEventListener("load", () => {
        this.#inside = inside;
        this.#waiting.splice(0).forEach((data) => this.postMessage(data));
      });
      inside.document.body.append(script);
    }

    postMessage(data) {
      if (this.#inside === undefined) {
        this.#waiting.push(data);
      } else {
        this.#inside.dispatchEvent(new this.#inside.MessageEvent("message", { data }));
      }
    }
  };
}
