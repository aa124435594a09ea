/* The explorer page: one Swagger UI over the documents of all services, and a sign-in that its requests carry along. */
const LOGIN_PATH = '/v1/auth/login'

const element = (id) => document.getElementById(id)
const documents = element('documents')
const demoLogins = element('demo-logins')
const email = element('email')
const password = element('password')
const status = element('status')

// Kept in memory alone: a reload signs out, and no other page of this origin can read it.
let token

const option = (text, value) => new Option(text, value)

// The documents' example. Sent as it is, a second and changed request would be taken for the first one again.
const EXAMPLE_KEY = '0f8e2c34-7a51-4c0b-9b6e-1f2d3c4b5a69'

const show = (url) => {
  window.ui = window.SwaggerUIBundle({
    url,
    dom_id: '#explorer',
    deepLinking: true,
    filter: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (token && !request.headers.Authorization) request.headers.Authorization = `Bearer ${token}`
      if (request.headers['Idempotency-Key'] === EXAMPLE_KEY) request.headers['Idempotency-Key'] = crypto.randomUUID()
      return request
    },
    responseInterceptor: (response) => {
      if (response.status === 401 && token) {
        token = undefined
        signedOut('The session has ended: sign in again.')
      }
      return response
    },
  })
}

const signedIn = (name) => {
  status.textContent = `Signed in as ${name}.`
  element('sign-out').hidden = false
}

const signedOut = (text) => {
  status.textContent = text
  element('sign-out').hidden = true
  demoLogins.value = ''
}

const signIn = async () => {
  const response = await fetch(LOGIN_PATH, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: email.value, password: password.value }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.detail ?? answer.title)
  token = answer.accessToken
  password.value = ''
  signedIn(email.value)
}

element('sign-in').addEventListener('submit', (event) => {
  event.preventDefault()
  signIn().catch((error) => {
    status.textContent = `Sign-in failed: ${error.message}`
  })
})

element('sign-out').addEventListener('click', () => {
  token = undefined
  signedOut('Not signed in.')
})

const chosen = () => new URLSearchParams(location.search).get('service')

documents.addEventListener('change', () => {
  const { text, value } = documents.selectedOptions[0]
  history.replaceState(null, '', `?service=${encodeURIComponent(text)}`)
  show(value)
})

const start = async () => {
  const settings = await (await fetch('/docs/settings.json')).json()
  documents.replaceChildren(...settings.documents.map(({ name, url }) => option(name, url)))
  const asked = settings.documents.find(({ name }) => name === chosen()) ?? settings.documents[0]
  if (asked) {
    documents.value = asked.url
    show(asked.url)
  }
  element('demo').hidden = settings.demoLogins.length === 0
  demoLogins.replaceChildren(option('', ''), ...settings.demoLogins.map(({ label }, index) => option(label, index)))
  demoLogins.addEventListener('change', () => {
    const login = settings.demoLogins[demoLogins.value]
    if (!login) return
    email.value = login.email
    password.value = login.password
    element('sign-in').requestSubmit()
  })
}

start().catch((error) => {
  status.textContent = `The explorer could not start: ${error.message}`
})
