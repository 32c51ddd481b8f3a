// The viewer of the OpenAPI document: no inline script, so that the page keeps the strict content security policy.
const place = document.getElementById("swagger-ui");
window.SwaggerUIBundle({ url: place.dataset.document, domNode: place, deepLinking: true, validatorUrl: null });
