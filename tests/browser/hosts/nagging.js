const frame = document.querySelector("iframe");
let wide = false;
addEventListener("message", (event) => {
  if (event.data?.type !== "tokenbill:height") return;
  wide = !wide;
  frame.width = wide ? 640 : 340;
});
